import { describeTrials } from './trials.js';

describe('With the queue in Postgres', () => describeTrials('Postgres'));
