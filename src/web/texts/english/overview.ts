// The first page of administration.

export const overview = {
  area: 'Administration',
  title: 'Overview',
}
