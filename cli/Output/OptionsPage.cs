using System.Text;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Cli.Output;

/// <summary>The page docs/options.md, made from the tables of options and edits.</summary>
static class OptionsPage
{
    public static string Markdown()
    {
        var page = new StringBuilder("""
            # Options of a sound

            `rewas options` prints this page from [the table](../libs/Protocol/Orders/OrderTable.cs); a test compares the two. An
            option has one name: `--NAME` of `rewas generate`, the column NAME of a manifest of `rewas batch`, and the key NAME in
            `options` of a sidecar. On the wire it is a field of [SoundOrder](../protos/rewas/v1/sound_order.proto). A manifest also
            accepts the wire's name. Sidecars of earlier releases are read by their own names.

            | option | value | what it does | default | command, manifest | on the wire | earlier sidecars | since |
            |---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var option in OrderTable.All)
            page.Append(
                $"| `{option.Name}` | {Cell(Values(option))} | {Cell(option.Help)} | {Cell(option.DefaultShown)} | {Faces(option)} | "
                + $"`{option.Place}` | {Aliases(option)} | {option.Since} |\n");
        page.Append("""

            ## Edits of the energy

            `--NAME ARGUMENT` of `rewas generate` and `rewas edit`. Edits are applied in the order given. A RANGE is 1.2s..2s, a TIME
            1.2s or 300ms, a DB -12dB.

            | edit | argument | what it does |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var form in EditText.Forms)
            page.Append($"| `{form.Name}` | `{form.Argument}` | {Cell(form.Description)} |\n");
        return page.ToString();
    }

    static string Values(OrderOption option) => option.Kind switch
    {
        OptionKind.Flag => "a flag; yes or no in a manifest",
        OptionKind.Choice => string.Join(", ", option.Choices),
        OptionKind.Text => FormattableString.Invariant($"text of at most {option.Maximum} characters"),
        OptionKind.Whole => $"a whole number, {option.RangeText}",
        _ => option.RangeText,
    };

    static string Faces(OrderOption option) =>
        (option.Faces.HasFlag(OptionFaces.Command), option.Faces.HasFlag(OptionFaces.Manifest)) switch
        {
            (true, true) => "both",
            (true, false) => "command",
            (false, true) => "manifest",
            _ => "neither",
        };

    static string Aliases(OrderOption option) => string.Join(", ", option.Aliases.Select(alias => $"`{alias}`"));

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
