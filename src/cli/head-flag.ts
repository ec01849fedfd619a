import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { readCheckpoints } from '../audit/audit-head.service.ts'
import type { NotedHeads } from '../audit/audit-head.service.ts'
import { sealingWith } from '../audit/sealing-with.ts'
import type { With } from '../context.ts'
import { CliFailure } from './failure.ts'

/** The heads in the file that `--head` names. A file that holds none is a mistake, which would pass for a check. */
export async function headsIn({ keyring }: With<'keyring'>, typed: string): Promise<NotedHeads> {
  const path = resolve(typed)
  if (await isFolder(path)) {
    throw CliFailure.usage(`${path} is a folder. Name the file in it, such as ${join(path, 'audit-head')}.`)
  }
  const noted = await readCheckpoints(path, sealingWith(keyring))
  if (noted.heads.length + noted.forged > 0) return noted
  throw CliFailure.usage(`No end of an audit log is noted in ${path}. Name a copy of audit-head from a data folder.`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw CliFailure.usage(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`)
  }
}
