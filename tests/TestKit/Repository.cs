namespace Rewas.TestKit;

/// <summary>The checkout in which these tests were built.</summary>
public static class Repository
{
    const string Mark = "Rewas.Platform.sln";

    static readonly Lazy<string> Found = new(() =>
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, Mark)))
            folder = folder.Parent ?? throw new DirectoryNotFoundException(
                $"the tests must run from inside the checkout: there is no {Mark} above {AppContext.BaseDirectory}");
        return folder.FullName;
    });

    public static string Root => Found.Value;
}
