import type { WhoAmIView } from '../../../collector/api/contract/identity.ts';

/** Who has signed in, and whether somebody must; reactive. */
class Session {
  /** True once an answer was 401: nothing of the collector can be shown until somebody signs in. */
  isLockedOut = $state.raw(false);
  /** Undefined on a loopback, where nobody has to sign in. */
  username = $state.raw<string>();
  /** Who asks, as the collector knows them; undefined until it has said so. */
  #self = $state.raw<WhoAmIView>();

  /** Whether users, tenants and the disk are theirs to see. */
  get isAdmin(): boolean {
    return this.#self?.is_admin === true;
  }

  /** Whether they may change anything. */
  get mayWrite(): boolean {
    const scopes = this.#self?.scopes ?? [];
    return this.isAdmin || scopes.includes('ingest:any') || scopes.includes('ingest');
  }

  /** Whether they may change what this user owns. */
  mayChange(owner: string): boolean {
    const scopes = this.#self?.scopes ?? [];
    return (
      this.isAdmin || scopes.includes('ingest:any') || (scopes.includes('ingest') && this.#self?.username === owner)
    );
  }

  lockOut(): void {
    this.isLockedOut = true;
    this.username = undefined;
    this.#self = undefined;
  }

  letIn(username: string | undefined): void {
    this.isLockedOut = false;
    this.username = username;
  }

  know(self: WhoAmIView): void {
    this.#self = self;
  }
}

export const session = new Session();
