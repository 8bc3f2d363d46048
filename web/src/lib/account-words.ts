import type { UserView } from '../../../collector/api/contract/account.ts';
import { formatCount } from './numbers.ts';

/** What a user is to Simvue's clients; what one may do is in the scopes of one's tokens. */
export function roleOf(user: Pick<UserView, 'is_admin' | 'is_manager' | 'is_readonly'>): string {
  const rank = user.is_admin ? 'admin' : user.is_manager ? 'manager' : 'member';
  return user.is_readonly ? `${rank}, read only` : rank;
}

/** Whether somebody gets in. */
export function stateOf({ is_enabled, is_deleted = false }: Pick<UserView, 'is_enabled'> & { is_deleted?: boolean }) {
  return is_deleted ? 'deleted' : is_enabled ? 'enabled' : 'disabled';
}

/** A limit of a tenant: 0 is none. */
export const limitInWords = (limit: number, unit = ''): string =>
  limit === 0 ? 'no limit' : `${formatCount(limit)}${unit}`;
