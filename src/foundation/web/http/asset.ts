import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { projectPath } from '../../platform/project-path.ts'

/** A file for the browser. Its address holds a hash of its content, so that it may be kept for ever. */
export interface Asset {
  readonly url: string
  readonly type: string
  readonly content: Buffer
  /** What it may do when it is opened by itself; the policy of data when left out. */
  readonly policy?: string
}

export function newAsset(name: string, extension: string, file: Omit<Asset, 'url'>): Asset {
  const hash = createHash('sha256').update(file.content).digest('hex').slice(0, 16)
  return { url: `/assets/${name}.${hash}.${extension}`, ...file }
}

/** One of the files that come with the program. A stylesheet's comments and indents stay here: a browser has no use for them. */
export function readAsset(name: string, extension: string, type: string): Asset {
  const file = readFileSync(projectPath(`assets/${name}.${extension}`))
  const content = extension === 'css' ? Buffer.from(file.toString().replaceAll(/\/\*[^]*?\*\/|^\s+/gm, '')) : file
  return newAsset(name, extension, { type, content })
}
