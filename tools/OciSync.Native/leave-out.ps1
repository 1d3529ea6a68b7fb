<#
.SYNOPSIS
    Writes a copy of the engine whose rooms that no first copy enters are marked as not to be compiled ahead of time.
.DESCRIPTION
    The compiler leaves out every method with an attribute of the name System.Runtime.BypassReadyToRunAttribute, and what only such methods need. They
    stay as IL in the file, and are compiled when they are first called, as everything is on other systems. tests/Pester/NativeCode.Tests.ps1 tells when
    a first command needs one of them.
#>
[CmdletBinding()]
param(
    # The engine.
    [Parameter(Mandatory)]
    [string] $Path,
    # The copy.
    [Parameter(Mandatory)]
    [string] $Target,
    # Mono.Cecil.dll.
    [Parameter(Mandatory)]
    [string] $Library
)

$ErrorActionPreference = 'Stop'
$null = [Reflection.Assembly]::LoadFrom($Library)

# Folders of the engine with all below them.
$rooms = @(
    'Signing/Bundles', 'Signing/Gpg', 'Signing/Notary', 'Signing/OpenPgp'
    'Checking', 'Diagnosis', 'DockerEngine', 'Finding', 'MirrorFiles', 'Pruning', 'Removing', 'Reports', 'Rewriting', 'Trust'
)

# What every copy uses of them: options that say that nothing is wanted, and what stands ready without being used.
$types = @('ImageRemover', 'PrunePlaces')

function Get-OuterType($Type) {
    while ($Type.DeclaringType) { $Type = $Type.DeclaringType }
    $Type
}

# An attribute of our own: the framework's can't be seen from outside.
function Add-Mark($Module) {
    $parent = [Mono.Cecil.TypeReference]::new('System', 'Attribute', $Module, $Module.TypeSystem.CoreLibrary)
    $start = [Mono.Cecil.MethodReference]::new('.ctor', $Module.TypeSystem.Void, $parent)
    $start.HasThis = $true
    $mark = [Mono.Cecil.MethodDefinition]::new('.ctor', 'Public, HideBySig, SpecialName, RTSpecialName', $Module.TypeSystem.Void)
    $code = $mark.Body.GetILProcessor()
    $code.Emit([Mono.Cecil.Cil.OpCodes]::Ldarg_0)
    $code.Emit([Mono.Cecil.Cil.OpCodes]::Call, $start)
    $code.Emit([Mono.Cecil.Cil.OpCodes]::Ret)
    $type = [Mono.Cecil.TypeDefinition]::new('System.Runtime', 'BypassReadyToRunAttribute', 'NotPublic, Sealed', $parent)
    $type.Methods.Add($mark)
    $Module.Types.Add($type)
    $mark
}

$module = [Mono.Cecil.ModuleDefinition]::ReadModule($Path)
try {
    $name = $module.Assembly.Name.Name
    $left = @{}
    foreach ($type in $module.Types) {
        $room = $type.Namespace.Replace("$name.", '').Replace('.', '/') + '/'
        if ($rooms.Where({ $room.StartsWith("$_/", [StringComparison]::Ordinal) }, 'First').Count -gt 0) { $left[$type.FullName] = $types -cnotcontains $type.Name }
    }

    $found = @($module.Types | Where-Object { $left.ContainsKey($_.FullName) -and -not $left[$_.FullName] } | ForEach-Object Name)
    $unknown = @($types | Where-Object { $found -cnotcontains $_ })
    if ($unknown.Count -gt 0) { throw "None of the rooms that are left out has: $($unknown -join ', ')." }
    $mark = Add-Mark $module
    foreach ($type in $module.GetTypes()) {
        if (-not $left[(Get-OuterType $type).FullName]) { continue }
        foreach ($method in $type.Methods) {
            if ($method.HasBody) { $method.CustomAttributes.Add([Mono.Cecil.CustomAttribute]::new($mark)) }
        }
    }

    $module.Write($Target)
} finally {
    $module.Dispose()
}
