using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Rewas.Cli.Arguments;
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
    const int ChunkBytes = 256 * 1024;

    static readonly Argument<string> Video = new("video") { Description = "the video" };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder for the new files",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
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
            """)
        {
            Video, Output, SharedOptions.Bundle, SharedOptions.Gateway,
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
        await using var stages = await Stages.ConnectAsync(
            arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel, agent: true);
        var agent = stages.Client.Agent;
        try
        {
            using var call = agent.Chat(cancellationToken: cancel);
            await call.RequestStream.WriteAsync(new() { Session = "" }, cancel);
            var session = (await NextAsync(call)).Session;
            await UploadAsync(call, source, cancel);
            await NextAsync(call);
            Console.WriteLine($"I have {source.FileName}. What should it sound like?");
            while (await AskAsync(cancel) is { Length: > 0 } words)
            {
                await call.RequestStream.WriteAsync(new() { Text = words }, cancel);
                await AnswerAsync(call, async made =>
                {
                    var path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(video)}-{Path.GetFileName(made.Name)}");
                    new FileRoles().Reads(video, "video").Writes(path, "output").Writes(path + ".json", "output");
                    await FetchAsync(agent, session, made.Name, path, cancel);
                    await FetchAsync(agent, session, made.Name + ".json", path + ".json", cancel);
                    Console.WriteLine($"\n[{path}]");
                });
            }
            await call.RequestStream.CompleteAsync();
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

    static async Task UploadAsync(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call, VideoSource source, CancellationToken cancel)
    {
        await call.RequestStream.WriteAsync(
            new() { Video = source.FileName.Length > 255 ? source.FileName[^255..] : source.FileName }, cancel);
        await using var file = await source.Open(cancel);
        var bytes = new byte[ChunkBytes];
        for (int read; (read = await file.ReadAsync(bytes, cancel)) > 0;)
            await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, read) }, cancel);
        await call.RequestStream.WriteAsync(new() { VideoEnd = true }, cancel);
    }

    static async Task<ChatEvent> NextAsync(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call) =>
        await call.ResponseStream.MoveNext(CancellationToken.None)
            ? call.ResponseStream.Current
            : throw new StageFailure("SoundAgent", StatusCode.Unavailable, "the conversation has ended");

    /// <summary>Reads the next line. A line that was not typed is echoed, so that the transcript is complete.</summary>
    static async Task<string?> AskAsync(CancellationToken cancel)
    {
        Console.Write("\nyou> ");
        var words = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancel);
        if (Console.IsInputRedirected)
            Console.WriteLine(words);
        return words;
    }

    static async Task AnswerAsync(AsyncDuplexStreamingCall<ChatRequest, ChatEvent> call, Func<MadeFile, Task> fetch)
    {
        for (var happened = await NextAsync(call); ; happened = await NextAsync(call))
        {
            switch (happened.PartCase)
            {
                case ChatEvent.PartOneofCase.Text:
                    Console.Write(happened.Text);
                    break;
                case ChatEvent.PartOneofCase.Progress when !Console.IsErrorRedirected:
                    Console.Error.Write(
                        happened.Progress.Part < 1
                            ? string.Create(CultureInfo.InvariantCulture, $"\r[{happened.Progress.What} {happened.Progress.Part:P0}] ")
                            : "\r");
                    break;
                case ChatEvent.PartOneofCase.File:
                    await fetch(happened.File);
                    break;
                case ChatEvent.PartOneofCase.TurnEnded:
                    Console.WriteLine();
                    return;
            }
        }
    }

    static async Task FetchAsync(SoundAgent.SoundAgentClient agent, string session, string name, string path, CancellationToken cancel)
    {
        using var file = PartialFile.Create(path, "output");
        await using (var stream = File.Create(file.Path))
        {
            using var call = agent.Fetch(new() { Session = session, File = name }, cancellationToken: cancel);
            await foreach (var part in call.ResponseStream.ReadAllAsync(cancel))
                await stream.WriteAsync(part.Chunk.Memory, cancel);
        }
        file.Complete();
    }
}
