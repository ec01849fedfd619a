// Finds out why this process cannot use the file of a SQLite database. SQLite's messages say what failed, not why.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import { accountName, errorCode } from '../../system.ts'
import { RECORD_SUFFIX } from './commit-count.ts'

/** Suffixes of the files of a database. A command that another user ran may have left all but the first with that user as owner. */
const SUFFIXES = ['', '-wal', '-shm', RECORD_SUFFIX]

/** A clause such as `this process … may not write …`; undefined if owner, mode and folder allow reading and writing. */
export function accessProblem(file: string): string | undefined {
  const closed = closedFolder(file)
  if (closed !== undefined) return closed
  for (const path of SUFFIXES.map((suffix) => file + suffix).filter((path) => existsSync(path))) {
    const problem = problemWith(path, constants.R_OK, 'read') ?? problemWith(path, constants.W_OK, 'write')
    if (problem !== undefined) return problem
  }
  const folder = dirname(file)
  const problem = problemWith(folder, constants.W_OK | constants.X_OK, 'write')
  return problem && `${problem}. SQLite keeps its write-ahead log in that folder`
}

/** A clause about the first folder on the path that this process may not enter: below it no file can be seen, whether it exists or not. */
export function closedFolder(file: string): string | undefined {
  const folder = dirname(file)
  const above = folder === file ? undefined : closedFolder(folder)
  const isFolder = above === undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? problemWith(folder, constants.X_OK, 'enter') : above
}

function problemWith(path: string, mode: number, verb: 'enter' | 'read' | 'write'): string | undefined {
  try {
    accessSync(path, mode)
    return undefined
  } catch (error) {
    if (errorCode(error) === 'EROFS') return `${path} is on a file system that is mounted read-only`
    const user = process.geteuid?.()
    return `this process runs as user ${user ?? '?'} and may not ${verb} ${path}, which ${ownerOf(path, user)}`
  }
}

function ownerOf(path: string, user: number | undefined): string {
  const { uid, mode } = statSync(path)
  const owner = `belongs to user ${uid} and has the mode ${(mode & 0o777).toString(8).padStart(4, '0')}`
  if (user === undefined || user === uid) return owner
  return `${owner}; run the command as that user, with sudo -u ${accountName(uid) ?? `'#${uid}'`} in front`
}
