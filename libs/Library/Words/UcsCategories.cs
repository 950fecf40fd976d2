using System.Collections.Frozen;

namespace Rewas.Library.Words;

/// <summary>
/// Categories of the Universal Category System (UCS): the capitals at the start of a CatID, and the short forms that follow them.
/// </summary>
static class UcsCategories
{
    static readonly FrozenDictionary<string, string> Categories = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AERO"] = "aircraft", ["AIR"] = "air", ["ALRM"] = "alarm", ["AMB"] = "ambience", ["ANML"] = "animal", ["ARCH"] = "archived",
        ["BEEP"] = "beep", ["BELL"] = "bell", ["BIRD"] = "bird", ["BLLT"] = "bullet", ["BOAT"] = "boat", ["CERM"] = "ceramic",
        ["CHAIN"] = "chain", ["CHEM"] = "chemical", ["CLOCK"] = "clock", ["CLOTH"] = "cloth", ["CMPT"] = "computer",
        ["COMM"] = "communication",
        ["CREA"] = "creature", ["CRWD"] = "crowd", ["DEST"] = "destruction", ["DIRT"] = "dirt and sand", ["DOOR"] = "door",
        ["DRWR"] = "drawer", ["DSGN"] = "designed", ["ELEC"] = "electricity", ["EQUIP"] = "equipment", ["EXPL"] = "explosion",
        ["FART"] = "fart", ["FEET"] = "footsteps", ["FGHT"] = "fight", ["FIRE"] = "fire", ["FOLY"] = "foley", ["FOOD"] = "food and drink",
        ["FOOT"] = "footsteps", ["FRWK"] = "fireworks", ["GAME"] = "game", ["GEOTH"] = "geothermal", ["GLAS"] = "glass", ["GORE"] = "gore",
        ["GUN"] = "gun", ["HORN"] = "horn", ["HMN"] = "human", ["ICE"] = "ice", ["LASR"] = "laser", ["LEATH"] = "leather",
        ["LIQ"] = "liquid",
        ["MACH"] = "machine", ["MAGC"] = "magic", ["MECH"] = "mechanical", ["METL"] = "metal", ["MOTR"] = "motor", ["MOVE"] = "movement",
        ["MUSC"] = "musical", ["NATD"] = "natural disaster", ["OBJ"] = "object", ["PAPR"] = "paper", ["PLAS"] = "plastic",
        ["RAIN"] = "rain",
        ["ROBT"] = "robot", ["ROCK"] = "rock", ["ROPE"] = "rope", ["RUBR"] = "rubber", ["SCIF"] = "science fiction", ["SNOW"] = "snow",
        ["SPRT"] = "sport", ["SWSH"] = "swoosh", ["TOOL"] = "tool", ["TOON"] = "cartoon", ["TOY"] = "toy", ["TRN"] = "train",
        ["UI"] = "interface",
        ["VEGE"] = "vegetation", ["VEH"] = "vehicle", ["VENT"] = "ventilation", ["VOX"] = "voice", ["WATR"] = "water", ["WEAP"] = "weapon",
        ["WHSH"] = "whoosh", ["WHST"] = "whistle", ["WIND"] = "wind", ["WNDW"] = "window", ["WNGS"] = "wings", ["WOOD"] = "wood",
        ["WTHR"] = "weather",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenDictionary<string, string> ShortForms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Appl"] = "appliance", ["Auto"] = "automatic", ["Brk"] = "break", ["Bttn"] = "button", ["Clos"] = "close", ["Clsr"] = "close",
        ["Crsh"] = "crash", ["Dsgn"] = "designed", ["Elec"] = "electric", ["Ext"] = "exterior", ["Forst"] = "forest", ["Fric"] = "friction",
        ["Glas"] = "glass", ["Hndl"] = "handle", ["Hrse"] = "horse", ["Hwy"] = "highway", ["Imp"] = "impact", ["Impt"] = "impact",
        ["Int"] = "interior", ["Mach"] = "machine", ["Metl"] = "metal", ["Misc"] = "", ["Mvmt"] = "movement", ["Nghbr"] = "neighbourhood",
        ["Opn"] = "open", ["Papr"] = "paper", ["Plas"] = "plastic", ["Pub"] = "public", ["Rsrt"] = "restaurant", ["Rsdl"] = "residential",
        ["Slid"] = "slide", ["Splsh"] = "splash", ["Stne"] = "stone", ["Strm"] = "storm", ["Subn"] = "suburban", ["Swtch"] = "switch",
        ["Thun"] = "thunder", ["Tonl"] = "tonal", ["Traf"] = "traffic", ["Trop"] = "tropical", ["Undwtr"] = "underwater",
        ["Urbn"] = "urban",
        ["Veh"] = "vehicle", ["Watr"] = "water", ["Wnd"] = "wind",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Words of a CatID such as DOORWood: its category, then what follows it. Null where no category begins so.</summary>
    public static IReadOnlyList<string>? Words(string capitals, string rest)
    {
        if (!Categories.TryGetValue(capitals, out var category))
            return null;
        var sub = ShortForms.GetValueOrDefault(rest, rest.ToLowerInvariant());
        return sub.Length == 0 || sub == category ? [category] : [category, sub];
    }
}
