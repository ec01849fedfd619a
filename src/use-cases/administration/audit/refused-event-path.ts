export const REFUSED_EVENTS_PATH = '/admin/refusals'

/** The path of the page of a refused event. */
export function refusedEventPath(id: string): string {
  return `${REFUSED_EVENTS_PATH}/${encodeURIComponent(id)}`
}
