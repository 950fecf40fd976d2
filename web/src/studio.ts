import { Api } from "./api/api.ts";
import type { Session } from "./api/session.ts";
import { Audition } from "./audition.ts";
import { View } from "./desk/view.ts";
import { Energy } from "./energy/energy.ts";
import { FilmState } from "./film/filmState.ts";
import { heardOriginal, heardSources } from "./heard.ts";
import { Playback, type Source } from "./playback/playback.ts";
import { emptyDocument } from "./project/document.ts";
import { Project } from "./project/project.ts";
import { ProjectStore } from "./project/projectStore.ts";
import { hasEnded, Making } from "./render/making.ts";
import { Notices } from "./shell/notices.ts";

/** Everything that the panels share. */
export class Studio {
  readonly api = new Api();
  readonly notices = new Notices();
  readonly project = new Project();
  readonly store = new ProjectStore(this.api, this.project);
  readonly film = new FilmState(this.api);
  readonly energy = new Energy(this.api, this.project, this.film);
  readonly making = new Making(this.api, this.project);
  readonly playback = new Playback(this.api);
  readonly audition = new Audition();
  readonly view = new View();

  constructor() {
    this.project.subscribe(() => void this.film.open(this.project.document.film));
    let seen: object | null = null;
    this.film.subscribe(() => {
      const { analysis } = this.film;
      if (analysis === seen) return;
      seen = analysis;
      this.playback.reset(analysis?.seconds ?? 0, analysis?.frame_rate ?? 25);
      this.view.reset(analysis?.seconds ?? 0);
    });
    let heard = "";
    const hear = () => {
      const sounding = this.making.sound(this.project.document.chosen?.sound);
      const isLive = sounding !== null && !hasEnded(sounding) && this.audition.sources === null;
      this.playback.setAvailable(isLive ? sounding.progress.seconds_ready : Number.POSITIVE_INFINITY);
      this.playback.setOriginal(heardOriginal(this));
      const sources = this.heard;
      const key = JSON.stringify(sources);
      if (key === heard) return;
      heard = key;
      this.playback.setSources(sources);
    };
    for (const changes of [this.project, this.making, this.film, this.audition]) changes.subscribe(hear);
    let before: string | undefined;
    this.session.subscribe(() => {
      const caller = this.session.who?.caller ?? undefined;
      if (caller === undefined || caller === before) return;
      // What one caller has open is not for the next one.
      if (before !== undefined) this.close();
      before = caller;
    });
  }

  get session(): Session {
    return this.api.session;
  }

  /** The files that are heard with the picture now. */
  get heard(): readonly Source[] {
    return heardSources(this);
  }

  /** Ends the work on a film, and takes another. */
  close(): void {
    this.film.stop();
    this.store.close();
  }

  /** Sends a film and makes a project of it. */
  async openFilm(file: File): Promise<void> {
    try {
      this.close();
      const film = await this.film.send(file);
      this.project.open({ ...emptyDocument, film });
      await this.store.create(film.name);
    } catch (failure) {
      this.notices.report(failure);
    }
  }

  /** Opens a kept project. */
  async openProject(id: string): Promise<void> {
    this.film.stop();
    try {
      await this.store.open(id);
    } catch (failure) {
      this.notices.report(failure);
    }
  }
}
