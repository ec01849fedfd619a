import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { CliFailure } from './failure.ts'
import { readPassword } from './password-input.ts'

const notCalled = (): Promise<void> => assert.fail('the check belongs to the prompt, not to a file')

test('a password file contains one line, with or without a final line break', async (t) => {
  const passwordFile = join(await temporaryFolder(t), 'password')
  const read = async (text: string) => {
    await writeFile(passwordFile, text)
    return (await readPassword({ passwordFile }, { interactive: false }, notCalled)).reveal()
  }
  for (const text of ['calm words', 'calm words\n', 'calm words\r\n']) assert.equal(await read(text), 'calm words')
  for (const text of ['', '\n', 'calm\nwords', 'calm\rwords\n', 'calm words\n\n', '\ncalm words'])
    await assert.rejects(read(text), (error) => error instanceof CliFailure && error.parts.exit === 2, text)
})
