import { expect, it } from 'vitest';
import { capacityOf, costSoFar, dollarsPerHour, formatDollars } from '../../../src/glue/cost';
import { dpuOf, workerTypes } from '../../../src/glue/workerTypes';
import { session } from '../scriptedApi';

const hour = 3_600_000;

it('prefers the capacity the service tells', () => {
  expect(capacityOf(session({ maxCapacity: 7 }))).toBe(7);
  expect(capacityOf(session({ workerType: 'G.2X', numberOfWorkers: 3 }))).toBe(6);
  expect(capacityOf({})).toBeUndefined();
  expect(dpuOf('Q.9X', 2)).toBeUndefined();
});

it('knows every worker type of the model', () => {
  expect(workerTypes.map(({ name }) => name).sort()).toEqual([
    'G.025X',
    'G.12X',
    'G.16X',
    'G.1X',
    'G.2X',
    'G.4X',
    'G.8X',
    'R.1X',
    'R.2X',
    'R.4X',
    'R.8X',
    'Standard',
    'Z.2X',
  ]);
});

it('reckons the forgotten default session of two days at 105.60 dollars', () => {
  const forgotten = session({ workerType: 'G.1X', numberOfWorkers: 5 });
  expect(dollarsPerHour(forgotten, 0.44)).toBeCloseTo(2.2);
  expect(costSoFar(forgotten, 0.44, 48 * hour)?.dollars).toBeCloseTo(105.6);
});

it("takes the service's DPU-seconds when they are there", () => {
  expect(costSoFar(session({ dpuSeconds: 3600 }), 0.44, 99 * hour)).toEqual({
    dollars: 0.44,
    dpuSeconds: 3600,
    reckoned: false,
  });
});

it('bills one minute at least, and nothing before it is ready', () => {
  expect(costSoFar(session(), 0.44, 1000)?.dpuSeconds).toBe(120);
  expect(costSoFar(session({ status: 'PROVISIONING' }), 0.44, hour)?.dollars).toBe(0);
});

it('stops with the session', () => {
  const stopped = session({ status: 'STOPPED', completedOn: hour });
  expect(costSoFar(stopped, 0.44, 10 * hour)?.dollars).toBeCloseTo(0.88);
});

it('writes cents, and more digits where cents would say nothing', () => {
  expect([formatDollars(2.2), formatDollars(0.0153), formatDollars(0), formatDollars(0.1)]).toEqual([
    '$2.20',
    '$0.015',
    '$0.00',
    '$0.10',
  ]);
});
