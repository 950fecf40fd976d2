using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Clip.Files;
using Rewas.SoundStudio;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Tests.Services;

public sealed class ExportedFilesTests : IDisposable
{
    const int Room = 1 << 20;

    readonly FakeTimeProvider clock = new();
    readonly WorkingSpace space = new(Options.Create(new StoreOptions { MaxWorkingBytes = Room }));
    readonly ExportedFiles exports;
    int written;

    public ExportedFilesTests() => exports = new(space, clock);

    [Fact]
    public async Task A_file_is_kept_for_a_time_after_its_last_use_and_then_deleted_with_its_room()
    {
        string path;
        using (var use = await UseAsync())
            path = use.File.Path;
        clock.Advance(TimeSpan.FromMinutes(9));
        await SweepAsync();
        using (await UseAsync())
        {
            clock.Advance(TimeSpan.FromHours(1));
            await SweepAsync();                                              // a call reads it
        }
        clock.Advance(TimeSpan.FromMinutes(9));
        await SweepAsync();
        Assert.True(File.Exists(path));
        Assert.Equal(1, written);

        clock.Advance(TimeSpan.FromMinutes(2));
        await SweepAsync();
        Assert.False(File.Exists(path));
        space.Reserve("", Room).Dispose();                                   // throws if anything holds some of it
        using var again = await UseAsync();
        Assert.Equal(2, written);
    }

    public void Dispose() => exports.Dispose();

    Task SweepAsync() => exports.SweepAsync(_ => Task.FromResult(true));

    Task<ExportUse> UseAsync() => exports.UseAsync(
        new() { RenderId = "render", Format = "wav" }, caller: "", WriteAsync, TestContext.Current.CancellationToken);

    async Task<WrittenExport> WriteAsync(PrivateFolder folder)
    {
        written++;
        await File.WriteAllTextAsync(folder.File("sound.wav"), "a sound", TestContext.Current.CancellationToken);
        return new(folder.File("sound.wav"), 7, Sha256: "", Sidecar: "", LeftOut: "");
    }
}
