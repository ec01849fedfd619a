// Asks git which files have changed. Only this file knows git.
import { spawnSync } from 'node:child_process'

const ELSE = '`npm test` runs all tests, and `npm test PATH` a file or a folder.'

/**
 * Returns the files in `folder` that differ from the commit, relative to it: changed, staged, removed and new ones that git does not
 * ignore. Another commit than HEAD is compared at the point where this branch left it, so that what others did there since does not count. Returns a
 * sentence where git cannot say.
 */
export function changedSince(folder: string, commit: string): string[] | string {
  const git = (...args: string[]): string => ask(folder, args)
  try {
    git('rev-parse', '--is-inside-work-tree')
  } catch (error) {
    return `--changed asks git what has changed, and ${because(error)} ${ELSE}`
  }
  try {
    const base = git('merge-base', `${commit}^{commit}`, 'HEAD').trim()
    const changed = git('diff', '--name-only', '--no-renames', '--no-ext-diff', '--relative', '-z', base, '--')
    const added = git('ls-files', '--others', '--exclude-standard', '-z')
    const files = new Set([...changed.split('\0'), ...added.split('\0')].filter((file) => file !== ''))
    return [...files].toSorted()
  } catch (error) {
    return `--changed cannot compare with ${commit}: ${because(error)} ${ELSE}`
  }
}

/** Returns what git prints. Throws an error whose message is a sentence. */
function ask(folder: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  })
  if (error !== undefined) throw new Error('git was not found here.', { cause: error })
  const [said = ''] = stderr.trim().split('\n')
  if (status !== 0) throw new Error(said === '' ? 'no commit is in the history of both.' : `git says “${said}”.`)
  return stdout
}

function because(error: unknown): string {
  return (error as Error).message
}
