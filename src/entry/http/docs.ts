// Serves `/docs`, the page on which the API can be read and tried, with its files.
import { readFileSync } from 'node:fs'

import { projectPath } from '#foundation/platform/project.ts'
import type { App } from '#foundation/web/http/app.ts'
import { assetHandler } from '#foundation/web/http/assets.ts'
import { type Asset, CSS, newAsset, readAsset } from '#foundation/web/http/brand.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { type DescribedApi, groupOperations, searchOperations } from './docs-index.ts'
import { docsPage, operationList } from './docs.pages.ts'
import { answerUnroutable } from './errors/errors.ts'

const JAVASCRIPT = 'text/javascript; charset=utf-8'

/** Content security policy of the page. Swagger UI writes HTML from script, so Trusted Types are off, and embeds images in its stylesheet. */
const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
].join('; ')

/** What the page consists of beside its reader. */
type Docs = Awaited<ReturnType<typeof readDocs>>

/**
 * Serves the page and its files. All of it is read at the first visit, because it would take several megabytes of the memory of a server
 * whose page is never opened.
 */
export function registerDocs(app: App): void {
  let made: Docs | undefined
  const read = async (): Promise<Docs> => (made ??= await readDocs(app))
  const config = { access: 'anyone', page: true, undocumented: true, compressible: true } as const
  app.get('/docs', { config }, async (request, reply) => {
    const { groups, all, introduction, files } = await read()
    const typed = fieldIn(request.query, 'q')
    const search = typeof typed === 'string' ? typed.trim() : ''
    const list = search === '' ? all : operationList(searchOperations(groups, search), true)
    reply.header('content-security-policy', POLICY).header('cache-control', 'no-store')
    return reply.type('text/html; charset=utf-8').send(docsPage(reply, { introduction, list, search, files }))
  })
  app.get('/docs/:file', { config: { access: 'anyone', undocumented: true } }, async (request, reply) => {
    const handler = (await read()).handlers.get(request.url)
    if (handler !== undefined) return handler(request, reply)
    // As a path without a route, which a browser is answered with a page.
    return answerUnroutable(undefined, request, reply, { ...request.ctx.config, brand: app.brand })
  })
}

async function readDocs(app: App) {
  const described = (await app.openApi()) as DescribedApi
  const groups = groupOperations(described)
  const files = {
    stylesheet: readAsset('docs', 'css', CSS, 'docs/docs'),
    script: readAsset('modules/docs', 'js', JAVASCRIPT, 'docs/docs'),
    program: readSwaggerUi('swagger-ui-bundle', 'js', JAVASCRIPT),
    stylesOfProgram: [
      readSwaggerUi('swagger-ui', 'css', CSS),
      readAsset('docs-operation', 'css', CSS, 'docs/operation'),
    ],
  }
  const assets = [files.stylesheet, files.script, files.program, ...files.stylesOfProgram]
  return {
    introduction: described.info.description,
    groups,
    /** The same for everyone, and most of the page, so it is rendered once. */
    all: operationList(groups, false),
    files,
    handlers: new Map(assets.map((asset) => [asset.url, assetHandler(asset)])),
  }
}

/** Reads a file of Swagger UI. The build copied it from its package, which is not installed where the program runs (decision 0038). */
function readSwaggerUi(name: string, extension: string, type: string): Asset {
  const content = readFileSync(projectPath(`dist/swagger-ui/${name}.${extension}`))
  return newAsset(`docs/${name}`, extension, { type, content })
}
