import { describe, expect, it } from 'vitest';
import { html, htmlText } from '../../../src/glue/html';
import { isPageAction } from '../../../src/glue/pageMessage';

describe('HTML of a page', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onclick="alert(1)`, '&quot; onclick=&quot;alert(1)'],
    [`' onclick='alert(1)`, '&#39; onclick=&#39;alert(1)'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['ünïcode 🔥', 'ünïcode 🔥'],
  ])('shows %j as text', (text, written) => {
    expect(htmlText(html`<b title="${text}">${text}</b>`)).toBe(`<b title="${written}">${written}</b>`);
  });

  it('puts its own pieces in as they are, lists one after the other, and nothing for what is not there', () => {
    const rows = ['a', '<b>'].map((name) => html`<i>${name}</i>`);
    expect(htmlText(html`<p>${rows}${undefined}${false}${null}${[0, ' ', 1]}</p>`)).toBe(
      '<p><i>a</i><i>&lt;b&gt;</i>0 1</p>',
    );
  });

  it('takes nothing for HTML that only looks like it', () => {
    const answer = JSON.parse('{"html":"<b>","Symbol(glueSessions.html)":"<b>"}') as never;
    expect(htmlText(html`<p>${answer}</p>`)).toBe('<p></p>');
  });
});

describe('Messages of a page', () => {
  it.each([
    [{ action: 'stop', value: '', fields: {} }, true],
    [{ action: 'save', value: '1', fields: { key: ['team'], value: [] } }, true],
    ['ready', false],
    [null, false],
    [{ action: 1, value: '', fields: {} }, false],
    [{ action: 'stop', value: '' }, false],
    [{ action: 'stop', value: '', fields: { key: 'team' } }, false],
    [{ action: 'stop', value: '', fields: { key: [1] } }, false],
  ])('knows whether %j is one', (message, is) => {
    expect(isPageAction(message)).toBe(is);
  });
});
