import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { projectPath } from '../../platform/project.ts'

/** A file for the browser. Its URL contains a hash of its content, so that caches may keep it for ever. */
export interface Asset {
  readonly url: string
  readonly type: string
  readonly content: Buffer
  /** The content security policy when the file is opened as a document; that of data by default. */
  readonly policy?: string
}

export function newAsset(name: string, extension: string, file: Omit<Asset, 'url'>): Asset {
  const hash = createHash('sha256').update(file.content).digest('hex').slice(0, 16)
  return { url: `/assets/${name}.${hash}.${extension}`, ...file }
}

/** Reads a file of the program. Comments and indents of a stylesheet are removed, because browsers do not need them. */
export function readAsset(name: string, extension: string, type: string): Asset {
  const file = readFileSync(projectPath(`assets/${name}.${extension}`))
  const content = extension === 'css' ? Buffer.from(file.toString().replaceAll(/\/\*[^]*?\*\/|^\s+/gm, '')) : file
  return newAsset(name, extension, { type, content })
}
