// Groups the operations of the API's description for the page `/docs`, and searches them.
import type { OperationAccess } from './openapi/openapi-access.ts'

/** What the page reads of the OpenAPI document. */
export interface DescribedApi {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
}

interface DescribedOperation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly 'x-access': OperationAccess
}

export interface IndexedOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly access: OperationAccess
}

export interface OperationGroup {
  readonly title: string
  readonly operations: readonly IndexedOperation[]
}

/** More operations than these are too many to look through, and are divided by the first part of their paths. */
const LARGE_GROUP = 50

/** The operations by their tag, in the order of the document; a large tag is divided by the first part of the paths. */
export function groupOperations({ paths }: DescribedApi): OperationGroup[] {
  const byTag = new Map<string, IndexedOperation[]>()
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { operationId: id, summary, description = '', tags, 'x-access': access }] of Object.entries(
      methods,
    )) {
      const [tag = ''] = tags
      byTag.set(tag, [...(byTag.get(tag) ?? []), { id, method, path, summary, description, access }])
    }
  }
  return [...byTag].flatMap(([title, operations]) => {
    if (operations.length <= LARGE_GROUP) return { title, operations }
    return [...Map.groupBy(operations, ({ path }) => path.split('/')[1] ?? '')].map(([part, own]) => ({
      title: `${title}: ${part}`,
      operations: own,
    }))
  })
}

/** The groups with the operations that have every word of the search in what the page shows of them when they are folded. */
export function searchOperations(groups: readonly OperationGroup[], search: string): OperationGroup[] {
  const words = search.toLowerCase().split(/\s+/)
  const isFound = (operation: IndexedOperation): boolean => {
    const text = Object.values(foldedOperation(operation)).join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return groups
    .map(({ title, operations }) => ({ title, operations: operations.filter(isFound) }))
    .filter(({ operations }) => operations.length > 0)
}

/** What the page shows of a folded operation. */
export function foldedOperation({ method, path, summary, access }: IndexedOperation): {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly needed: string
  readonly secondAdmin: string | undefined
} {
  return {
    method: method.toUpperCase(),
    path,
    summary,
    needed: neededFor(access),
    secondAdmin: access.secondAdmin && 'second admin',
  }
}

function neededFor({ access, or, besides }: OperationAccess): string {
  if (access === 'anyone') return 'anyone'
  if (access === 'attempt') return 'sign-in attempt'
  if (access === 'signed-in') return 'signed in'
  return `${access}${or ? ` or ${or}` : ''}${besides ? ` and ${besides}` : ''}`
}
