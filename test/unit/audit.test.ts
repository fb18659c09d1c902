import { expect, it } from 'vitest';
import { readAudit } from '../../scripts/audit.mjs';

it.each([
  ['{"message":"request to … failed","error":{"summary":"","detail":""}}', 'request to … failed'],
  ['{"error":{"code":"ENOTFOUND","summary":"getaddrinfo ENOTFOUND registry."}}', 'getaddrinfo ENOTFOUND'],
  ['<html>proxy</html>', 'it gave no answer'],
  ['', 'it gave no answer'],
])('says in words that the registry can not be asked, and fails nothing: %j', (printed, reason) => {
  const { text, isGrave } = readAudit(printed);
  expect(text).toContain(reason);
  expect(text).toMatch(/registry can't be asked .* Nothing is known/);
  expect(isGrave).toBe(false);
});

it('says that no weakness is known', () => {
  expect(readAudit('{"vulnerabilities":{}}')).toEqual({
    text: 'npm audit: no weakness is known in what ships.',
    isGrave: false,
  });
});

it('names each package with a weakness, and fails by a grave one', () => {
  const report = (severity: string) =>
    JSON.stringify({ vulnerabilities: { yaml: { severity, range: '<2', fixAvailable: true } } });
  expect(readAudit(report('moderate'))).toEqual({
    text: 'npm audit: 1 packages that ship have known weaknesses.\n  moderate: yaml <2, a fix is there',
    isGrave: false,
  });
  expect(readAudit(report('high')).isGrave).toBe(true);
});
