// Pages about roles.
import { type Screen, sending } from './screen.ts'

export const ROLE_SCREENS: readonly Screen[] = [
  { name: 'roles', as: 'admin', at: '/admin/roles' },
  { name: 'role', as: 'admin', at: '/admin/roles/help-desk' },
  { name: 'role-built-in', as: 'admin', at: '/admin/roles/admin' },
  { name: 'role-of-configuration', as: 'admin', at: '/admin/roles/auditor' },
  { name: 'role-not-there', as: 'admin', at: '/admin/roles/nothing', status: 404 },
  { name: 'role-new', as: 'admin', at: '/admin/roles/new' },
  {
    name: 'role-new-refused',
    as: 'admin',
    at: '/admin/roles/new',
    doing: sending({ name: 'Help Desk' }),
    status: 422,
  },
  { name: 'role-change', as: 'admin', at: '/admin/roles/help-desk/change' },
  { name: 'role-delete', as: 'admin', at: '/admin/roles/trainees/delete' },
  { name: 'users-of-role', as: 'admin', at: '/admin/users?role=help-desk' },
]
