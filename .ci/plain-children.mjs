// Loaded into every test by .ci/tap. tap loads itself into all processes that a test starts, to see what
// they cover. The servers that the tests start shall run as they do for users, so this takes it out again.
import processOnSpawn from 'process-on-spawn';

processOnSpawn.addListener((child) => {
  const kept = Object.entries(child.env).filter(
    ([name]) => name !== 'NODE_OPTIONS' && !name.startsWith('_TAPJS_PROCESSINFO_'),
  );
  child.env = Object.fromEntries(kept);
  return child;
});
