// Node's test runner follows every promise, to ascribe errors that nothing catches to a test: a tenth of the time of tests of servers. Without that
// such an error is a failure of the file. Loaded before node:test is.
import asyncHooks from 'node:async_hooks'

const { createHook } = asyncHooks

asyncHooks.createHook = (callbacks) => {
  const options: typeof callbacks & { trackPromises: boolean } = { ...callbacks, trackPromises: false }
  return createHook(options)
}
