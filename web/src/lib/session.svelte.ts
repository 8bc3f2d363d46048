/** Who has signed in, and whether somebody must; reactive. */
class Session {
  /** True once an answer was 401: nothing of the collector can be shown until somebody signs in. */
  isLockedOut = $state.raw(false);
  /** Undefined on a loopback, where nobody has to sign in. */
  username = $state.raw<string>();
  /** Whether users, tenants and the disk are theirs to see. */
  isAdmin = $state.raw(false);

  lockOut(): void {
    this.isLockedOut = true;
    this.username = undefined;
    this.isAdmin = false;
  }

  letIn(username: string | undefined): void {
    this.isLockedOut = false;
    this.username = username;
  }
}

export const session = new Session();
