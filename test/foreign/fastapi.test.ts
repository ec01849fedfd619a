// The example for FastAPI, by the Python and the packages that the system has.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { folderOf, showsWhoAsks } from '../support/documentation/example-apps.ts'
import { answers } from '../support/server/started-program.ts'
import { requireProgram, startProgram } from './programs.ts'

const FOLDER = folderOf('fastapi')
/** Debian's own Python, for which its packages are installed; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3'

test('the example for FastAPI answers whose a token is, and 401 after the sign-out', async (t) => {
  requireProgram('uvicorn')
  await showsWhoAsks(t, ({ port, env }) => {
    const ready = (): Promise<boolean> => answers(`http://localhost:${port}/me`)
    const python = { ...env, PYTHONDONTWRITEBYTECODE: '1' }
    return startProgram(t, ['uvicorn', '--app-dir', FOLDER, 'app:app', '--port', port], { env: python, ready })
  })
})

test('the example names the versions that are tested', () => {
  const words = 'import fastapi, uvicorn; print(f"fastapi=={fastapi.__version__}\\nuvicorn=={uvicorn.__version__}")'
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', words], { encoding: 'utf8' })
  assert.equal(stdout, readFileSync(join(FOLDER, 'requirements.txt'), 'utf8'), stderr)
})
