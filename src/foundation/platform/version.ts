import { readFileSync } from 'node:fs'

import { projectPath } from './project-path.ts'

const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string }

/** The program's version (semver). */
export const VERSION: string = version

/** The version of Node that runs it. */
export const NODE_VERSION: string = process.versions.node
