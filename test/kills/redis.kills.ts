import { describeTrials } from './trials.js';

describe('With the queue on Redis', () => describeTrials('Redis'));
