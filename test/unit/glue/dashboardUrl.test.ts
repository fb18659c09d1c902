import { expect, it } from 'vitest';
import { dashboardPage } from '../../../src/glue/dashboardUrl';

it('opens pages as they are written, and nothing else', () => {
  const url = 'https://spark-ui.glue.us-east-1.amazonaws.com/s1?token=a%2Fb%3D%26c+d';
  expect(dashboardPage(url, undefined)).toBe(url);
  for (const other of ['file:///etc/passwd', 'command:workbench.action.quit', 'http://127.0.0.1/', 'x', '']) {
    expect(() => dashboardPage(other, undefined), other).toThrow(/no https page/);
    expect(() => dashboardPage(other, 'https://glue.us-east-1.amazonaws.com'), other).toThrow(/no https/);
  }
});

it('opens a page of this machine when a Glue on this machine names it', () => {
  const local = 'http://127.0.0.1:4000';
  expect(dashboardPage('http://127.0.0.1:40123', local)).toBe('http://127.0.0.1:40123');
  for (const other of ['http://example.com/', 'http://127.0.0.1.example.com/', 'file:///etc/passwd']) {
    expect(() => dashboardPage(other, local), other).toThrow(/no https page/);
  }
});
