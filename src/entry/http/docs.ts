// Serves `/docs`, the page on which the API can be read and tried, with its files.
import { readFileSync } from 'node:fs'

import { projectPath } from '#foundation/platform/project.ts'
import type { App } from '#foundation/web/http/app.ts'
import { assetHandler } from '#foundation/web/http/assets.ts'
import { type Asset, CSS, newAsset, readAsset } from '#foundation/web/http/brand.ts'
import { docsPage } from './docs.pages.ts'
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

/** The files of the page, in the order in which it loads them. */
interface DocsFiles {
  readonly stylesheets: readonly Asset[]
  readonly scripts: readonly Asset[]
  readonly handlers: ReadonlyMap<string, ReturnType<typeof assetHandler>>
}

/**
 * Serves the page and its files. The files are read at the first visit, because they would take several megabytes of the memory of a server
 * whose page is never opened. The page itself is never compressed: it contains a form token (BREACH).
 */
export function registerDocs(app: App): void {
  let files: DocsFiles | undefined
  app.get('/docs', { config: { access: 'anyone', page: true, undocumented: true } }, (_request, reply) => {
    files ??= readDocsFiles()
    return reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(docsPage(reply, files))
  })
  app.get('/docs/:file', { config: { access: 'anyone', undocumented: true } }, (request, reply) => {
    files ??= readDocsFiles()
    const handler = files.handlers.get(request.url)
    if (handler !== undefined) return handler(request, reply)
    // As a path without a route, which a browser is answered with a page.
    return answerUnroutable(undefined, request, reply, { ...request.ctx.config, brand: app.brand })
  })
}

function readDocsFiles(): DocsFiles {
  const stylesheets = [readSwaggerUi('swagger-ui', 'css', CSS), readAsset('docs', 'css', CSS, 'docs/docs')]
  const scripts = [
    readSwaggerUi('swagger-ui-bundle', 'js', JAVASCRIPT),
    readAsset('modules/docs', 'js', JAVASCRIPT, 'docs/docs'),
  ]
  const handlers = new Map([...stylesheets, ...scripts].map((asset) => [asset.url, assetHandler(asset)]))
  return { stylesheets, scripts, handlers }
}

/** Reads a file of Swagger UI. The build copied it from its package, which is not installed where the program runs (decision 0038). */
function readSwaggerUi(name: string, extension: string, type: string): Asset {
  const content = readFileSync(projectPath(`dist/swagger-ui/${name}.${extension}`))
  return newAsset(`docs/${name}`, extension, { type, content })
}
