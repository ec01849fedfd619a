// The list of users and making a new one.

export const users = {
  title: 'Users',
}
