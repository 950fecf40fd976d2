using Rewas.Clip.Files;

namespace Rewas.EndToEnd.Tests.Files;

public sealed class LeftOverTests
{
    [Fact]
    public async Task What_a_killed_process_left_in_the_temporary_folder_goes_at_the_next_start_and_what_a_living_one_has_stays()
    {
        using var temporary = new TemporaryFolder();
        using var bundle = new TinyBundle();
        var environment = new Dictionary<string, string> { ["TMPDIR"] = temporary.Path };
        string[] arguments = ["--bundle", bundle.Bundle.Directory, "--", "--Onnx:Threads=1"];
        Directory.CreateDirectory(temporary.File("rewas-of-somebody-else"));
        var mine = PrivateFolder.Create("rewas-mine-", temporary.Path);      // this process lives

        (await ServiceProcess.ServeAsync(Programs.FreePort(), environment, arguments)).Dispose();
        string[] left =
        [
            .. Directory.GetDirectories(temporary.Path)
                .Where(path => path != mine.Path && Path.GetFileName(path).Contains("-p", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(left);                                               // the socket's folder, for one

        using var next = await ServiceProcess.ServeAsync(Programs.FreePort(), environment, arguments);
        await Wait.UntilAsync(() => !left.Any(Directory.Exists), "the folders of the killed process are gone");
        Assert.True(Directory.Exists(mine.Path));
        Assert.True(Directory.Exists(temporary.File("rewas-of-somebody-else")));
        mine.Dispose();
    }
}
