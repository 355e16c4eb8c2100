/** The same for images that come from other nodes, and for nodes that come and go. */
import { testCrashes } from './crash-points-suite.ts';
import { IMAGES } from './crash-scenarios-images.ts';

testCrashes(IMAGES);
