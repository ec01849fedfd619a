// Finds out why this process cannot use the file of a SQLite database. SQLite's messages say what failed, not why.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import { errorCode } from '../../system.ts'
import { RECORD_SUFFIX } from './commit-count.ts'

/** Suffixes of the files of a database. A command that another user ran may have left all but the first with that user as owner. */
const SUFFIXES = ['', '-wal', '-shm', RECORD_SUFFIX]

/** A clause such as `this process … may not write …`; undefined if owner, mode and folder allow reading and writing. */
export function accessProblem(file: string): string | undefined {
  for (const path of SUFFIXES.map((suffix) => file + suffix).filter((path) => existsSync(path))) {
    const problem = problemWith(path, constants.R_OK, 'read') ?? problemWith(path, constants.W_OK, 'write')
    if (problem !== undefined) return problem
  }
  const folder = dirname(file)
  const problem = problemWith(folder, constants.W_OK | constants.X_OK, 'write')
  return problem && `${problem}. SQLite keeps its write-ahead log in that folder`
}

function problemWith(path: string, mode: number, verb: 'read' | 'write'): string | undefined {
  try {
    accessSync(path, mode)
    return undefined
  } catch (error) {
    if (errorCode(error) === 'EROFS') return `${path} is on a file system that is mounted read-only`
    return `this process runs as user ${process.geteuid?.() ?? '?'} and may not ${verb} ${path}, which ${ownerOf(path)}`
  }
}

function ownerOf(path: string): string {
  const { uid, mode } = statSync(path)
  return `belongs to user ${uid} and has the mode ${(mode & 0o777).toString(8).padStart(4, '0')}`
}
