using System.CommandLine;
using Rewas.Cli.Running;
using Rewas.PromptCheck;
using Rewas.Text;

namespace Rewas.Cli.Commands;

/// <summary>
/// <c>rewas models embed-captions</c>: computes the caption embeddings that prompts are compared with. Run it after changing captions.
/// </summary>
static class EmbedCaptionsCommand
{
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "the file",
        HelpName = "FILE",
        DefaultValueFactory = _ => "libs/Text/captions.embeddings",
    };

    public static Command Create()
    {
        var command = new Command("embed-captions", """
            Encodes the captions of all labels and concepts. Run it after changing training/configs/captions.json or
            libs/PromptCheck/Concepts.json.

            Example:
              rewas models embed-captions -o libs/Text/captions.embeddings
            """) { Output };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            string[] texts = [.. LabelCaptions.Labels.SelectMany(LabelCaptions.Of), .. Concepts.All.SelectMany(ConceptByWords.Captions)];
            using var file = File.Create(arguments.GetRequiredValue(Output));
            CaptionEmbeddings.Write(file, texts);
            return Task.FromResult(0);
        }));
        return command;
    }
}
