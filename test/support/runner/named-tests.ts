// Finds the test files that arguments of `npm test` name.
import { globSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'

const MOST_SUGGESTED = 5

/**
 * Returns the test files that paths name, each once, relative to the project's folder `root`; a folder stands for all below it. A path is
 * that of the project, else one from the folder `from` where the command was given. Returns a sentence for a path that names no test.
 */
export function testsNamed(paths: readonly string[], root: string, from = root): string[] | string {
  const found = paths.map((path) => testsAt(path, root, from))
  return found.find((one) => typeof one === 'string') ?? [...new Set(found.flat())]
}

function testsAt(given: string, root: string, from: string): string[] | string {
  const found = [resolve(root, given), resolve(from, given)].find((path) => kindOf(path) !== undefined)
  if (found === undefined) return `There is no file or folder ${given}.${suggestion(given, root)}`
  const path = relative(root, found).split(sep).join('/')
  if (path.startsWith('..')) return `${given} is outside of this project.`
  if (kindOf(found) === 'file') return path.endsWith('.test.ts') ? [path] : noTest(path, root)
  const below = globSync(join(path, '**', '*.test.ts'), { cwd: root, exclude: ['**/node_modules/**'] })
  const tests = below.map((file) => file.split(sep).join('/')).toSorted()
  return tests.length > 0 ? tests : `No test is below ${path}: the name of a test file ends with .test.ts.`
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  return found.isDirectory() ? 'folder' : 'file'
}

function noTest(path: string, root: string): string {
  const beside = path.replace(/\.\w+$/, '.test.ts')
  const hint = kindOf(join(root, beside)) === 'file' ? ` Its test is ${beside}.` : ` Its folder is ${dirname(path)}.`
  return `${path} is no test: the name of a test file ends with .test.ts.${hint}`
}

/** Names the test files whose name has that of the missing one in it. */
function suggestion(given: string, root: string): string {
  const name = basename(given).replace(/\.test\.ts$|\.ts$/, '')
  if (name.length < 3 || name.includes('*')) return ''
  const named = globSync('{src,test,scripts}/**/*.test.ts', { cwd: root, exclude: ['**/node_modules/**'] }).filter(
    (file) => basename(file).includes(name),
  )
  const [some, more] = [named.toSorted().slice(0, MOST_SUGGESTED), named.length - MOST_SUGGESTED]
  if (some.length === 0) return ''
  return ` Test files with ${name} in their name: ${some.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`
}
