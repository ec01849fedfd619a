interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

/** Goes through a list page by page, as the iterator is read: `for await (const user of everyItem(doorward.listUsers, { status: 'active' }))`. */
export async function* everyItem<Request extends { readonly cursor?: string }, Item>(
  list: (request?: Request) => Promise<Page<Item>>,
  request?: Omit<Request, 'cursor'>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null = null
  do {
    const page: Page<Item> = await list({ ...request, ...(cursor !== null && { cursor }) } as Request)
    yield* page.items
    cursor = page.next_cursor
  } while (cursor !== null)
}
