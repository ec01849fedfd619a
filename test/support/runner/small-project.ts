// A project in a temporary folder with the runner of this one, and the git repository of a developer.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../databases/temporary.ts'
import { importsIn } from './changed.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const RUN = 'test/run.ts'

export interface Printed {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export class SmallProject {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true })
      writeFileSync(join(this.folder, file), content)
    }
  }

  /** Saves as many editors do: a new file replaces the old one. */
  replace(file: string, content: string): void {
    const path = join(this.folder, file)
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  }

  remove(file: string): void {
    rmSync(join(this.folder, file))
  }

  /** Runs git as a developer without settings of their own. */
  git(...args: string[]): void {
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
    const env = { ...ownEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    execFileSync('git', ['-C', this.folder, ...who, ...args], { env, stdio: 'pipe' })
  }

  /** A repository whose first commit on `main` holds all files. */
  commitAll(): void {
    this.git('init', '--quiet', '--initial-branch=main')
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message=First')
  }

  /** Runs `npm test -- ARGS` without npm. */
  async runTests(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Printed> {
    const child = this.startTests(args, env)
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    return { code, stdout, stderr }
  }

  /** The run has a process group of its own, as a command in a terminal has. */
  startTests(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(this.folder, RUN), ...args], {
      cwd: this.folder,
      env: { ...ownEnvironment(), ...env },
      detached: true,
    })
  }
}

/** The environment without what says that this is a test, and without the repository of a commit hook. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:GIT_.*|NODE_TEST_CONTEXT|WATCH_REPORT_DEPENDENCIES|INIT_CWD)$/.test(name),
  )
  return Object.fromEntries(kept)
}

/** A project with these files beside the runner, which keeps its database server: that of this run. */
export async function smallProject(t: TestContext, files: Readonly<Record<string, string>>): Promise<SmallProject> {
  const project = new SmallProject(await temporaryFolder(t))
  for (const file of runnerFiles()) cpSync(join(ROOT, file), join(project.folder, file), { recursive: true })
  project.write({ 'package.json': '{ "type": "module" }', '.gitignore': 'node_modules\n', ...files })
  return project
}

/** The runner, what it imports, and what it names only: the reporters, and what counts costs in each process. */
function runnerFiles(): string[] {
  const named = ['progress-reporter', 'count-reporter', 'cost', 'untracked-promises', 'rsa-key-pairs'].map(
    (name) => `test/support/runner/${name}.ts`,
  )
  const files = new Set([RUN, ...named])
  for (const file of files)
    for (const imported of importsIn(file, readFileSync(join(ROOT, file), 'utf8'))) files.add(imported)
  return [...files]
}
