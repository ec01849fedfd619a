import { CommanderError } from 'commander'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newProgram } from '../program.ts'
import { usageSentence } from './usage-sentence.ts'

/** What the program says about an invalid command line. */
async function said(line: string): Promise<string> {
  try {
    await newProgram().parseAsync(line.split(' '), { from: 'user' })
  } catch (error) {
    assert.ok(error instanceof CommanderError, String(error))
    return usageSentence(error)
  }
  assert.fail('the command line is valid')
}

const STATUSES = 'Use active, invited, disabled or no-factor.'
const SENTENCES: readonly [line: string, sentence: string][] = [
  ['user list --status nofactor', `"nofactor" is not a valid --status. Did you mean no-factor? ${STATUSES}`],
  ['user list --status frozen', `"frozen" is not a valid --status. ${STATUSES}`],
  ['audit list --action user.create', '"user.create" is not a valid --action. Did you mean user.created?'],
  ['completion zs', '"zs" is not a valid <shell>. Did you mean zsh? Use bash, zsh or fish.'],
  ['user list --limit many', '"many" is not a valid --limit. Use a whole number from 1 to 200.'],
  ['user list --limit', '--limit needs a value.'],
  ['user list --limt 5', 'Unknown flag --limt. Did you mean --limit?'],
  ['user list --walnut=hush', 'Unknown flag --walnut.'],
  ['user list --yes=no', '--yes takes no value.'],
  ['user list hush', 'Too many arguments for "list": expected none, got 1.'],
  ['user show', 'Missing argument <user>.'],
  ['token create ada --scope self:read', 'Missing flag --name <name>.'],
  ['user lst', 'Unknown command "lst". Did you mean list?\nAll commands: npm run -s doorward -- --help'],
  ['policy set role:user', '"policy set" was renamed. Use "policy create" or "policy change".'],
  ['help policy set', '"policy set" was renamed. Use "policy create" or "policy change".'],
  ['import', 'Unknown command "import".\nAll commands: npm run -s doorward -- --help'],
]

for (const [line, sentence] of SENTENCES) {
  test(`"${line}" is answered in the words of the program`, async () => assert.equal(await said(line), sentence))
}
