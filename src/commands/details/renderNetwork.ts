import * as vscode from 'vscode';
import type { Connection } from '../../glue/glueApi';
import { html, type Html, type HtmlValue } from '../../glue/html';
import type { NetworkLink } from '../../glue/sessionNetwork';
import type { PageFacts } from './pageContent';
import { part } from './renderParts';

/** Connection → subnet → VPC → security groups. */
export function renderNetwork({ listed, network }: PageFacts): Html {
  return html`<section aria-labelledby="network">
    <h2 id="network">${vscode.l10n.t('Network')}</h2>
    ${
      listed.session.connections.length === 0
        ? html`<p class="note">
            ${vscode.l10n.t('No connection: the session runs outside any VPC of yours.')}
          </p>`
        : part(network, table)
    }
  </section>`;
}

function table(links: readonly NetworkLink[]): Html {
  return html`<table aria-labelledby="network">
      <thead>
        <tr>
          <th scope="col">${vscode.l10n.t('Connection')}</th>
          <th scope="col">${vscode.l10n.t('Subnet')}</th>
          <th scope="col">${vscode.l10n.t('VPC')}</th>
          <th scope="col">${vscode.l10n.t('Security groups')}</th>
        </tr>
      </thead>
      <tbody>
        ${links.map(row)}
      </tbody>
    </table>
    ${
      links.length < 2
        ? undefined
        : html`<p class="note">
            ${vscode.l10n.t('Glue runs a session in one subnet: that of the first suitable connection.')}
          </p>`
    }`;
}

function row({ name, connection, subnet, securityGroups }: NetworkLink): Html {
  return html`<tr>
    <th scope="row">${name} ${connection.state === 'ready' ? about(connection.value) : undefined}</th>
    <td>
      ${part(connection, ({ subnetId, availabilityZone }) => [
        lines(subnetId ?? vscode.l10n.t('none'), availabilityZone),
        subnet?.state === 'ready'
          ? lines(
              subnet.value.cidrBlock,
              subnet.value.availableAddresses === undefined
                ? undefined
                : vscode.l10n.t('{0} free addresses', subnet.value.availableAddresses),
            )
          : undefined,
      ])}
    </td>
    <td>${subnet && part(subnet, ({ vpcId }) => vpcId)}</td>
    <td>
      ${connection.state === 'ready' ? connection.value.securityGroupIds.join(', ') : undefined}
      ${
        securityGroups &&
        part(securityGroups, (groups) =>
          groups.map(
            (group) =>
              html`<div class="note">${[group.name, group.description].filter(Boolean).join(': ')}</div>`,
          ),
        )
      }
    </td>
  </tr>`;
}

function about({ type, description }: Connection): Html {
  return html`<div class="note">${[type, description].filter(Boolean).join(': ')}</div>`;
}

function lines(...texts: readonly (string | undefined)[]): HtmlValue {
  return texts.filter((text) => text !== undefined && text !== '').map((text) => html`<div>${text}</div>`);
}
