import type { FastifyReply } from 'fastify'

import { texts } from '#foundation/texts/texts.ts'
import { brandLink, topBar } from '#foundation/web/components/navigation.ts'
import { html, render } from '#foundation/web/html.ts'
import { type Asset, OWN_BRAND } from '#foundation/web/http/brand.ts'
import { readerOf } from '#foundation/web/pages/page.ts'
import { documentHead, footer } from '#foundation/web/pages/shell.ts'
import packageFile from '../../../package.json' with { type: 'json' }

interface Files {
  readonly stylesheets: readonly Asset[]
  readonly scripts: readonly Asset[]
}

/** The document of `/docs`. Swagger UI adds `main` and `h1`, and speaks English only, so everything around it is English, too. */
export function docsPage(reply: FastifyReply, { stylesheets, scripts }: Files): string {
  const { instanceName } = reply.request.ctx.config
  const { brand = OWN_BRAND, ...reader } = readerOf(reply)
  const { theme = 'system', path = '/', navigation = [], returnPath, person } = reader
  const say = texts('en')
  const page = { ...reader, brand, say, instanceName, title: 'API', frame: 'account' } as const
  const files = html`${stylesheets.map(({ url }) => html`<link rel="stylesheet" href="${url}" />`)}
  ${scripts.map(({ url }) => html`<script defer src="${url}"></script>`)}`
  return render(
    html`<!doctype html>
      <html lang="en" ${theme !== 'system' && html`data-theme="${theme}"`} ${person && html`data-signed-in`}>
        ${documentHead(page, files)}
        <body class="docs">
          <a class="skip" href="#operations">${say.words.skip}</a>
          ${
            person
              ? topBar(say, { instanceName, path, brand, navigation, theme, returnPath }, person)
              : html`<header class="top">${brandLink(instanceName, brand)}</header>`
          }
          <div id="swagger-ui"></div>
          <noscript>
            <main class="page">
              <h1>API</h1>
              <p>
                This page needs JavaScript. The same description as a file: <a href="/openapi.json">openapi.json</a>.
              </p>
            </main>
          </noscript>
          ${footer(page, html`<p class="small">Doorward ${packageFile.version}</p>`)}
        </body>
      </html> `,
  )
}
