/** Every disk operation of short runs becomes a power cut, and the end of the process. */
import { testCrashes } from './crash-points-suite.ts';
import { ONE_NODE, TRUNCATION } from './crash-scenarios.ts';

testCrashes([...TRUNCATION, ...ONE_NODE]);
