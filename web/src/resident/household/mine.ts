import { ownFields, type OwnField } from "../../households/own";
import { api, ok, type Schema } from "../../lib/api";
import { Resource } from "../../lib/resource.svelte";

/** The household's own record, as its pages show it, with the names of the county's own fields. */
class Mine extends Resource<Schema<"MyHousehold">> {
  own: OwnField[] = [];

  constructor() {
    super(async () => {
      const [household, own] = await Promise.all([
        ok(api.GET("/api/v1/me/household")),
        ownFields(),
      ]);
      this.own = own;
      return household;
    });
  }
}

export const readMine = () => new Mine();
