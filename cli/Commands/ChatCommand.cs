using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas chat</c>: makes sound for a video in a conversation.</summary>
static class ChatCommand
{
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    static readonly Argument<string> Video = new("video") { Description = "the video" };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder for the new files",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    /// <summary>The agent's limit for the recordings of a session.</summary>
    const long MostReferenceBytes = 3 << 20;

    static readonly Option<string[]> Reference = new("--reference")
    {
        Description = "your own recordings: the sounds are placed from them",
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("chat", """
            Makes sound for a video in a conversation: describes the video, drafts and checks prompts, generates, edits. It needs no
            language model. SoundAgent__ModelAddress, SoundAgent__Model and SoundAgent__ApiKey in the environment set an
            OpenAI-compatible one. Each line is one request. An empty line or the end of the input ends the conversation.

            Example:
              rewas chat bounce.mp4
              you> add the sound of a ball bouncing
              you> make the second hit louder
              rewas chat walk.mp4 --reference my/step-*.wav
              you> use these footsteps
              you> not the one at 2.4 s
            """)
        {
            Video, Output, Reference, SharedOptions.Bundle, SharedOptions.Gateway,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var video = arguments.GetRequiredValue(Video);
        var source = VideoSource.FromFile(video);
        var folder = arguments.GetRequiredValue(Output);
        if (!Directory.Exists(folder))
            throw InputFault.NotFound("output", $"folder '{folder}' does not exist");
        var recordings = (arguments.GetValue(Reference) ?? []).Select(path => InputFile.Find(path, Reference.Name[2..])).ToList();
        if (recordings.Sum(file => file.Length) is > MostReferenceBytes and var bytes)
            throw InputFault.Exhausted(
                Reference.Name[2..], $"the recordings of a conversation must have at most {MostReferenceBytes} bytes, but have {bytes}");
        await using var stages = await Stages.ConnectAsync(
            arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel, agent: true);
        try
        {
            await using var conversation = new AgentConversation(stages.Client.Agent);
            await conversation.SendAsync(source, cancel);
            foreach (var file in recordings)
                await conversation.SendAsync(
                    new ReferenceSound { Name = file.Name, Content = await ByteString.FromStreamAsync(file.OpenRead(), cancel) }, cancel);
            Console.WriteLine($"I have {source.FileName}. What should it sound like?");
            while (await AskAsync(cancel) is { Length: > 0 } words)
                await AnswerAsync(conversation, words, async made =>
                {
                    var path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(video)}-{Path.GetFileName(made.Name)}");
                    new FileRoles().Reads(video, "video").Writes(path, "output").Writes(path + ".json", "output");
                    await FetchAsync(conversation, made.Name, path, cancel);
                    await FetchAsync(conversation, made.Name + ".json", path + ".json", cancel);
                    Console.WriteLine($"\n[{path}]");
                }, cancel);
            return 0;
        }
        catch (RpcException failure) when (!cancel.IsCancellationRequested)
        {
            throw new StageFailure("SoundAgent", failure.StatusCode, failure.Status.Detail, failure);
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    /// <summary>Reads the next line. A line that was not typed is echoed, so that the transcript is complete.</summary>
    static async Task<string?> AskAsync(CancellationToken cancel)
    {
        Console.Write("\nyou> ");
        var words = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancel);
        if (Console.IsInputRedirected)
            Console.WriteLine(words);
        return words;
    }

    static async Task AnswerAsync(AgentConversation conversation, string words, Func<MadeFile, Task> fetch, CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in conversation.SayAsync(words, cancel))
                await TellAsync(happened, fetch);
        }
        catch (Exception failure) when (cancel.IsCancellationRequested && failure is OperationCanceledException or RpcException)
        {
            await StopAsync(conversation);
            throw;
        }
    }

    static async Task TellAsync(ChatEvent happened, Func<MadeFile, Task> fetch)
    {
        switch (happened.PartCase)
        {
            case ChatEvent.PartOneofCase.Text:
                Console.Write(happened.Text);
                break;
            case ChatEvent.PartOneofCase.Progress when !Console.IsErrorRedirected:
                Terminal.RewriteLine(
                    happened.Progress.Part < 1
                        ? string.Create(CultureInfo.InvariantCulture, $"[{happened.Progress.What} {happened.Progress.Part:P0}] ")
                        : "");
                break;
            case ChatEvent.PartOneofCase.File:
                await fetch(happened.File);
                break;
            case ChatEvent.PartOneofCase.TurnEnded:
                Console.WriteLine();
                break;
        }
    }

    /// <summary>Tells the agent that nobody waits for the answer any more. The turn would go on otherwise.</summary>
    static async Task StopAsync(AgentConversation conversation)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await conversation.StopAsync(limit.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or RpcException)
        {
            // The agent cannot be reached either.
        }
    }

    static async Task FetchAsync(AgentConversation conversation, string name, string path, CancellationToken cancel)
    {
        using var file = PartialFile.Create(path, "output");
        await using (var stream = File.Create(file.Path))
            await conversation.FetchAsync(name, stream, cancel);
        file.Complete();
    }
}
