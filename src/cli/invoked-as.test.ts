import assert from 'node:assert/strict'
import { test } from 'node:test'

import { invokedAs } from './invoked-as.ts'

const STARTS: readonly [claim: string, env: Record<string, string>, form: string][] = [
  ['by itself', {}, 'doorward'],
  ['by npm start', { npm_lifecycle_event: 'start' }, 'npm run -s doorward --'],
  ['by npm run doorward', { npm_lifecycle_event: 'doorward' }, 'npm run -s doorward --'],
  ['by a script of another project', { npm_lifecycle_event: 'deploy' }, 'doorward'],
]

for (const [claim, env, form] of STARTS) {
  test(`started ${claim}, commands are shown as ${form} …`, () => assert.equal(invokedAs(env), form))
}
