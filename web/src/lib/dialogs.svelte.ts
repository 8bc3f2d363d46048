type DialogName = 'palette' | 'new-run' | 'keys';

/** The dialog that any place of the page may open; one at a time. */
class Dialogs {
  shown = $state.raw<DialogName>();

  open(name: DialogName): void {
    this.shown = name;
  }

  /** Closes this one: another may have taken its place. */
  close(name: DialogName): void {
    if (this.shown === name) this.shown = undefined;
  }
}

export const dialogs = new Dialogs();
