import type { FastifyReply } from 'fastify'

import { texts } from '#foundation/texts/texts.ts'
import { searchForm } from '#foundation/web/components/list-navigation.ts'
import { brandLink, topBar } from '#foundation/web/components/navigation.ts'
import { type Html, html, render } from '#foundation/web/html.ts'
import { type Asset, OWN_BRAND } from '#foundation/web/http/brand.ts'
import { readerOf } from '#foundation/web/pages/page.ts'
import { documentHead, footer } from '#foundation/web/pages/shell.ts'
import packageFile from '../../../package.json' with { type: 'json' }
import { foldedOperation, type IndexedOperation, type OperationGroup } from './docs-index.ts'
import { markdown } from './markdown.ts'

interface OperationList {
  readonly groups: Html
  readonly count: number
}

interface DocsPage {
  /** The description of the API in Markdown: a sentence, and sections. */
  readonly introduction: string
  /** From `operationList`: all operations, or those that were found. */
  readonly list: OperationList
  /** What is searched; empty by default. */
  readonly search: string
  readonly files: DocsFiles
}

interface DocsFiles {
  readonly stylesheet: Asset
  readonly script: Asset
  /** What is loaded when an operation is opened: Swagger UI. */
  readonly program: Asset
  readonly stylesOfProgram: readonly Asset[]
}

/** The document of `/docs`. The description of the API is in English, as Swagger UI is, so everything around it is English, too. */
export function docsPage(reply: FastifyReply, { introduction, list, search, files }: DocsPage): string {
  const { instanceName } = reply.request.ctx.config
  const { brand = OWN_BRAND, ...reader } = readerOf(reply)
  const { theme = 'system', path = '/', navigation = [], returnPath, person } = reader
  const say = texts('en')
  const page = { ...reader, brand, say, instanceName, title: 'API', frame: 'account' } as const
  const own = html`<link rel="stylesheet" href="${files.stylesheet.url}" />
    <script type="module" src="${files.script.url}"></script>`
  const form = {
    action: '/docs',
    name: 'q',
    value: search,
    label: 'Search the operations',
    placeholder: 'Path, words, permission',
    hidden: {},
  }
  return render(
    html`<!doctype html>
      <html lang="en" ${theme !== 'system' && html`data-theme="${theme}"`} ${person && html`data-signed-in`}>
        ${documentHead(page, own)}
        <body class="docs">
          <a class="skip" href="#main">${say.words.skip}</a>
          ${
            person
              ? topBar(say, { instanceName, path, brand, navigation, theme, returnPath }, person)
              : html`<header class="top">${brandLink(instanceName, brand)}</header>`
          }
          <main id="main" class="page" tabindex="-1">
            <h1>API</h1>
            <p class="lead">
              Doorward ${packageFile.version}. Open an operation to read what it takes and answers, and to try it. The
              same as a file: <a href="/openapi.json">openapi.json</a>
            </p>
            <noscript><p>Without JavaScript, what an operation takes and answers stands in the file.</p></noscript>
            ${sectionsOf(introduction)}
            <h2>Operations</h2>
            ${searchForm(say, form)}
            <p id="found" role="status">${list.count === 1 ? '1 operation' : `${list.count} operations`}</p>
            <div id="operations">${list.groups}</div>
            <div
              id="swagger-ui"
              data-program="${files.program.url}"
              data-styles="${files.stylesOfProgram.map(({ url }) => url).join(' ')}"
            ></div>
          </main>
          ${footer(page)}
        </body>
      </html> `,
  )
}

function sectionsOf(introduction: string): Html {
  const [, ...sections] = introduction.split(/^## /m)
  return html`${sections.map((section) => {
    const [title = '', ...lines] = section.split('\n')
    return html`<details class="group">
      <summary><h2>${title}</h2></summary>
      ${markdown(lines.join('\n'))}
    </details>`
  })}`
}

/** All that a search finds is in sight. */
export function operationList(groups: readonly OperationGroup[], isFound: boolean): OperationList {
  return {
    groups: html`${groups.map((group) => operationGroup(group, isFound))}`,
    count: groups.reduce((sum, { operations }) => sum + operations.length, 0),
  }
}

function operationGroup({ title, operations }: OperationGroup, isOpen: boolean): Html {
  return html`<details class="group" ${isOpen && html`open`}>
    <summary>
      <h3>${title}</h3>
      <span class="count">${operations.length}</span>
    </summary>
    ${operations.map(operationRow)}
  </details>`
}

/** One at a time is open, which the browser sees to by their common name, since Swagger UI shows one at a time. */
function operationRow(operation: IndexedOperation): Html {
  const { method, path, summary, needed, secondAdmin } = foldedOperation(operation)
  return html`<details class="operation" name="operation">
    <summary>
      <span class="method ${operation.method}">${method}</span> <code>${withBreaks(path)}</code>
      <h4>${summary}</h4>
      <span class="needs">${needed}</span> ${secondAdmin && html`<span class="needs">${secondAdmin}</span>`}
    </summary>
    <div id="${operation.id}">${markdown(operation.description)}</div>
  </details>`
}

/** A path may be broken before each slash. */
function withBreaks(path: string): Html {
  return html`${path.split('/').map((part, at) => html`${at > 0 && html`<wbr />/`}${part}`)}`
}
