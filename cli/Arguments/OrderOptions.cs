using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Cli.Arguments;

/// <summary>The command line options of an order, made from the table of options.</summary>
static class OrderOptions
{
    static readonly IReadOnlyList<(OrderOption Row, Option Option)> Rows =
        [.. OrderTable.All.Where(row => row.Faces.HasFlag(OptionFaces.Command)).Select(row => (row, Create(row)))];

    public static IEnumerable<Option> All => Rows.Select(row => row.Option);

    /// <summary>The order that the given options describe.</summary>
    /// <param name="arguments">From a command that has <see cref="All"/>.</param>
    /// <param name="output">The output file. Some formats need a finish.</param>
    /// <param name="finished">True if an option outside the table asks for a finish.</param>
    /// <exception cref="InputFault">Lists every invalid option.</exception>
    public static SoundOrder Read(ParseResult arguments, string output, bool finished)
    {
        var text = new OrderText();
        foreach (var (row, option) in Rows)
        {
            if (arguments.GetResult(option) is not { Implicit: false })
                continue;
            if (option is Option<string[]> several)
                foreach (var item in arguments.GetValue(several) ?? [])
                    text.Add(row, item);
            else
                text.Set(row, option is Option<string?> worded
                ? arguments.GetValue(worded) ?? "" : arguments.GetValue((Option<bool>)option) ? "yes" : "no");
        }
        if (arguments.GetValue(PromptOption) is null)
            throw InputFault.Invalid(OrderTable.Prompt.Name, "must be given: --prompt TEXT");
        var order = text.Complete();
        if (finished || text.AsksForFinish || Path.GetExtension(output).Equals(".flac", StringComparison.OrdinalIgnoreCase))
            order.Finish ??= new();
        return order;
    }

    static Option<string?> PromptOption => (Option<string?>)Rows.First(row => row.Row == OrderTable.Prompt).Option;

    static Option Create(OrderOption row)
    {
        string[] aliases = row == OrderTable.Prompt ? ["-p"] : [];
        if (row.Kind == OptionKind.List)
            return new Option<string[]>($"--{row.Name}")
            {
                Description = Describe(row),
                HelpName = $"{row.Value}...",
                AllowMultipleArgumentsPerToken = true,
            };
        return row.Kind == OptionKind.Flag
            ? new Option<bool>($"--{row.Name}") { Description = Describe(row) }
            : new Option<string?>($"--{row.Name}", aliases) { Description = Describe(row), HelpName = row.Value };
    }

    /// <summary>The help text of an option: its meaning, its values and its default.</summary>
    static string Describe(OrderOption row)
    {
        var takes = row.Kind switch
        {
            OptionKind.Choice => string.Join(", ", row.Choices),
            OptionKind.Text or OptionKind.Flag or OptionKind.List => "",
            _ => row.RangeText,
        };
        return row.Help
            + (takes.Length > 0 ? $" ({takes})" : "")
            + (row.Kind != OptionKind.Flag && row.DefaultShown.Length > 0 ? $" [default: {row.DefaultShown}]" : "");
    }
}
