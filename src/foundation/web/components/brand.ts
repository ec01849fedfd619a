import type { Brand } from '../http/brand.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'

const HEIGHT = 32

/** The way to the first page: the server's name, and its logo where it has one, which says nothing besides. */
export function brandLink(instanceName: string, { logo }: Pick<Brand, 'logo'>): Html {
  return html`<a class="brand" href="/">${logo && picture(logo)}${instanceName}</a>`
}

/** The stylesheet decides its height; the attributes keep its place free until it is there. */
function picture({ url, proportion }: NonNullable<Brand['logo']>): Html {
  return html`<img src="${url}" alt="" width="${Math.max(1, Math.round(HEIGHT * proportion))}" height="${HEIGHT}" />`
}
