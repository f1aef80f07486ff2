/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // It ends what hangs, and measures nothing: on a busy machine with two cores a server may take a minute to start.
  testTimeout: 180_000,
  // One more than the cores of the smallest machine the suite is meant for: many tests wait for processes of their own.
  maxWorkers: 3,
  // One that holds a handle never ends; one that gives back a gigabyte of modules takes more than jest's half second.
  workerGracefulExitTimeout: 60_000,
};

export default config;
