using System.CommandLine;

namespace Rewas.Bench.Published;

/// <summary><c>rewas bench made-bundle</c>: writes the bundle that the costs of the published networks are measured on.</summary>
static class MadeBundleCommand
{
    /// <summary>RoBERTa's vocabulary is not in the repository. The tests' small one does as well for costs.</summary>
    public static readonly string Vocabulary = Path.Combine("tests", "fixtures", "tokenizer");

    static readonly Option<string> Folder = new("--output", "-o")
    {
        Description = "folder of the bundle, 4.2 GB; it is kept",
        HelpName = "DIR",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("made-bundle", "Writes a bundle of the published sizes on pseudo-random weights.") { Folder };
        command.SetAction(arguments =>
        {
            var bundle = MadeBundle.Write(Path.GetFullPath(arguments.GetRequiredValue(Folder)), Vocabulary);
            bundle.MarkVerified();
            Console.WriteLine(bundle.Directory);
        });
        return command;
    }
}
