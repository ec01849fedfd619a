// Which functions of src/ name which others, read from the sources: a call, or a function that is passed on.
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

import { ROOT } from '../documentation/markdown.ts'
import { pathOfImport } from './imports.ts'

const SRC = join(ROOT, 'src')
// A function at module level, or a constant there that may hold functions; each ends at the first line that is not indented.
const DECLARED = /^(?:export )?(?:async )?(?:function\*? |const )(\w+)[^]*?^(?=[\w/}@])/gm
const IMPORTED = /^import (?!type)\{([^}]*)\} from '([^']+)'/gm

/** By each function as `file name`, those that it names. */
export type CallGraph = ReadonlyMap<string, ReadonlySet<string>>

/** Reads the graph of all modules of `src/`, without tests. */
export function readCallGraph(): CallGraph {
  const files = globSync('**/*.ts', { cwd: SRC })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.endsWith('.test.ts'))
  return new Map(files.flatMap((file) => functionsOf(file, withoutComments(readFileSync(join(SRC, file), 'utf8')))))
}

function functionsOf(file: string, text: string): [string, Set<string>][] {
  const bodies = [...`${text}\n;`.matchAll(DECLARED)].map(([body, name = '']) => ({ name, body }))
  const known = new Map([...importsOf(file, text), ...bodies.map(({ name }) => [name, `${file} ${name}`] as const)])
  return bodies.map(({ name, body }) => {
    const named = [...body.matchAll(/(?<![.\w])\w+/g)].map(([word]) => known.get(word))
    const others = named.filter((one) => one !== undefined && one !== `${file} ${name}`)
    return [`${file} ${name}`, new Set(others as string[])]
  })
}

function importsOf(file: string, text: string): (readonly [string, string])[] {
  return [...text.matchAll(IMPORTED)].flatMap(([, names = '', from = '']) => {
    const target = pathOfImport(`src/${file}`, from).replace(/^src\//, '')
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => name.split(' as '))
      .map(([name = '', local = name]) => [local, `${target} ${name}`] as const)
  })
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(?<!:)\/\/.*$/gm, '')
}

/** The graph with the names of those that name a function, instead of those that it names. */
export function reversed(graph: CallGraph): CallGraph {
  const callers = new Map<string, Set<string>>()
  for (const [name, others] of graph) {
    for (const other of others) callers.set(other, (callers.get(other) ?? new Set()).add(name))
  }
  return callers
}

/** The functions that can run when one of these does, themselves included. */
export function reachedFrom(graph: CallGraph, starts: readonly string[]): Set<string> {
  const reached = new Set<string>()
  const open = [...starts]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    open.push(...(graph.get(name) ?? []))
  }
  return reached
}
