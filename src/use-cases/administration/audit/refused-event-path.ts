export const REFUSED_EVENTS_PATH = '/admin/refusals'

/** The page of the refused event with this reference. */
export function refusedEventPath(id: string): string {
  return `${REFUSED_EVENTS_PATH}/${encodeURIComponent(id)}`
}
