interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

/** Goes through a list page by page, as the iterator is read: `for await (const user of everyItem(doorward.listUsers, { status: 'active' }))`. */
export async function* everyItem<Request extends { readonly cursor?: string }, Item>(
  list: (request?: Request) => Promise<Page<Item>>,
  request?: Omit<Request, 'cursor'>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined
  do {
    const page: Page<Item> = await list({ ...request, ...(cursor !== undefined && { cursor }) } as Request)
    yield* page.items
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
}
