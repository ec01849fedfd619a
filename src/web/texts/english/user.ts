// One user, as an admin sees them.

export const user = {
  notFound: 'There is no such user.',
}
